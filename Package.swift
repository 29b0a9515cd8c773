// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
  name: "ppo-robot",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "ppo-robot", targets: ["ppo-robot"]),
    .library(name: "PPORobot", targets: ["PPORobot"]),
    .library(name: "Reporting", targets: ["Reporting"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Robots", targets: ["Robots"]),
    .library(name: "RobotFiles", targets: ["RobotFiles"]),
    .library(name: "Tasks", targets: ["Tasks"]),
    .library(name: "Robotics", targets: ["Robotics"]),
    .library(name: "Learning", targets: ["Learning"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Storage", targets: ["Storage"]),
    .library(name: "Rendering", targets: ["Rendering"]),
    .library(name: "Environments", targets: ["Environments"]),
    .library(name: "Physics", targets: ["Physics"]),
  ],
  traits: [
    .trait(name: "Watch", description: "A page in the browser that shows a training at work: train --watch, watch."),
    .default(enabledTraits: ["Watch"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibODE", pkgConfig: "ode", providers: [.apt(["libode-dev"]), .brew(["ode"])]),
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "CPNGShim", dependencies: ["CLibPNG"]),
    .target(name: "CODEShim", dependencies: ["CLibODE"]),
    .target(name: "CKernels"),
    .target(name: "CTrapNote"),
    .target(name: "Physics", dependencies: ["CLibODE", "CODEShim"], swiftSettings: swift),
    .target(name: "Environments", dependencies: ["CTrapNote", "Storage"], swiftSettings: swift),
    .target(name: "Robotics", dependencies: ["Physics", "Environments"], swiftSettings: swift),
    .target(name: "Tasks", dependencies: ["Robotics", "Physics", "Environments"], swiftSettings: swift),
    .target(name: "Storage", swiftSettings: swift),
    .target(
      name: "RobotFiles", dependencies: ["Tasks", "Robotics", "Physics", "Storage", "Environments"],
      swiftSettings: swift),
    .target(name: "Networks", dependencies: ["Environments", "Storage", "CKernels"], swiftSettings: swift),
    .target(name: "Learning", dependencies: ["Environments", "Networks", "Storage"], swiftSettings: swift),
    .target(name: "Pages", exclude: ["assets"]),
    .target(name: "Rendering", dependencies: ["Robotics", "Physics", "CPNGShim"], swiftSettings: swift),
    .target(
      name: "Models", path: "Models",
      sources: ["Models.c"]),
    .target(
      name: "Robots", dependencies: ["Tasks", "Robotics", "Physics", "Environments", "Models"], path: "Robots",
      swiftSettings: swift),
    .target(
      name: "Live",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Watch"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Watch"])),
        .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["Watch"])),
        .product(name: "NIOWebSocket", package: "swift-nio", condition: .when(traits: ["Watch"])),
      ],
      swiftSettings: swift),
    .target(
      name: "Training",
      dependencies: [
        "RobotFiles", "Robotics", "Physics", "Learning", "Networks", "Storage", "Environments",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .target(
      name: "Reporting",
      dependencies: [
        "Training", "RobotFiles", "Robotics", "Physics", "Learning", "Networks", "Storage", "Environments", "Rendering",
        "Pages",
      ],
      swiftSettings: swift),
    .target(
      name: "PPORobot",
      dependencies: [
        "Training", "Reporting", "RobotFiles", "Robotics", "Learning", "Networks", "Storage", "Environments",
        "Rendering",
        .target(name: "Live", condition: .when(traits: ["Watch"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),
    .executableTarget(name: "ppo-robot", dependencies: ["PPORobot", "Robots"], swiftSettings: swift),

    .target(name: "TestSupport", dependencies: ["CLibPNG"], path: "Tests/TestSupport"),
    .target(name: "TestEnvs", dependencies: ["Environments"], path: "Tests/TestEnvs", swiftSettings: swift),
    .target(
      name: "TestRuns",
      dependencies: ["Training", "Learning", "Networks", "Storage", "Robotics", "Environments", "TestSupport"],
      path: "Tests/TestRuns", swiftSettings: swift),
    .testTarget(name: "PhysicsTests", dependencies: ["Physics", "TestSupport"], swiftSettings: swift),
    .testTarget(name: "EnvironmentsTests", dependencies: ["Environments", "TestSupport"], swiftSettings: swift),
    .testTarget(name: "StorageTests", dependencies: ["Storage", "Environments", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Networks", "CKernels", "Environments", "Storage", "TestEnvs", "TestSupport"],
      exclude: ["Fixtures/torch_gru.py"], swiftSettings: swift),
    .testTarget(
      name: "LearningTests",
      dependencies: ["Learning", "Networks", "Storage", "Environments", "TestEnvs", "TestSupport"],
      exclude: ["Fixtures/torch_on_policy.py", "Fixtures/torch_off_policy.py"], swiftSettings: swift),
    .testTarget(
      name: "RoboticsTests", dependencies: ["Robotics", "Physics", "Environments", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "RobotFilesTests",
      dependencies: ["RobotFiles", "Tasks", "Robotics", "Physics", "Storage", "Environments", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering", "Robotics", "Physics", "Environments", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "RobotsTests",
      dependencies: ["Robots", "Tasks", "Training", "Reporting", "Robotics", "Physics", "Environments", "TestSupport"],
      exclude: ["Fixtures/cartpole_transitions.py", "Fixtures/pendulum_transitions.py"], swiftSettings: swift),
    .testTarget(name: "LiveTests", dependencies: ["Live"], swiftSettings: swift),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "RobotFiles", "Robots", "Robotics", "Physics", "Learning", "Networks", "Storage", "Environments",
        "TestEnvs",
        "TestRuns", "TestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "Training", "Robots", "Robotics", "Physics", "Rendering", "Learning", "Networks", "Storage",
        "Environments", "TestRuns",
        "TestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "PPORobotTests",
      dependencies: [
        "PPORobot", "Training", "Reporting", "Robots", "Tasks", "Robotics", "Physics", "Rendering", "Learning",
        "Networks", "Storage", "Environments",
        "TestEnvs", "TestRuns", "TestSupport", .target(name: "Live", condition: .when(traits: ["Watch"])),
      ],
      swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
