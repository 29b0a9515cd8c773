// swift-tools-version: 6.2
import PackageDescription

// What somebody else's package looks like that brings a robot, a task and a policy of its own. Theirs would say
// `.package(url: …)`; this one stands inside the repository and is built by `.ci/plugin`.
let package = Package(
  name: "my-robots",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "ppo-robot", path: "../../..")],
  targets: [
    .executableTarget(
      name: "my-robots",
      dependencies: [
        .product(name: "PPORobot", package: "ppo-robot"), .product(name: "Robots", package: "ppo-robot"),
        .product(name: "Robotics", package: "ppo-robot"), .product(name: "Physics", package: "ppo-robot"),
        .product(name: "Environments", package: "ppo-robot"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
