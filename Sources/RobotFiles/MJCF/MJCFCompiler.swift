import Physics

/// What the element `compiler` says about the numbers of an MJCF. The last of repeated settings holds for the whole file.
struct MJCFCompiler {
  enum InertiaSource { case missing, always, never }

  /// rad in a unit of angle.
  var angle = Double.pi / 180
  /// The axes of `euler`, each turned about as it is then, or about the fixed one.
  var eulerSequence: [(axis: Vector3, isFixed: Bool)] = [(.unitX, false), (.unitY, false), (.unitZ, false)]
  var limitsByRange = true
  var inertiaFromGeoms = InertiaSource.missing
  var inertiaGroups: ClosedRange<Int32> = 0...5
  /// kg; nil for the masses as they are.
  var totalMass: Double?
  /// Least mass of a body, kg.
  var leastMass = 0.0
  /// Least principal moment of inertia of a body, kg·m².
  var leastInertia = 0.0
  var balancesInertia = false
  var meshFolder = ""
  var stripsPaths = false

  init(_ root: XMLElement) throws(RobotFileError) {
    for element in root.all("compiler") { try read(element) }
  }

  private mutating func read(_ element: XMLElement) throws(RobotFileError) {
    if try element.keyword("coordinate", among: ["local", "global"]) == "global" {
      throw element.error(
        "coordinate=\"global\" is not supported; load and save the file in MuJoCo 2.3.3 or older",
        attribute: "coordinate")
    }
    if let unit = try element.keyword("angle", among: ["degree", "radian"]) {
      angle = unit == "degree" ? .pi / 180 : 1
    }
    if let text = element["eulerseq"] { eulerSequence = try sequence(text, element) }
    if let flag = try element.flag("autolimits") { limitsByRange = flag }
    switch try element.choice("inertiafromgeom") {
    case .auto: inertiaFromGeoms = .missing
    case .yes: inertiaFromGeoms = .always
    case .no: inertiaFromGeoms = .never
    case nil: break
    }
    if let range = try element.integers("inertiagrouprange", count: 2) {
      guard range[0] <= range[1] else {
        throw element.error("'inertiagrouprange' must be two ascending numbers", attribute: "inertiagrouprange")
      }
      inertiaGroups = range[0]...range[1]
    }
    if let mass = try element.number("settotalmass") { totalMass = mass > 0 ? mass : nil }
    if let mass = try element.number("boundmass") { leastMass = max(0, mass) }
    if let inertia = try element.number("boundinertia") { leastInertia = max(0, inertia) }
    if let flag = try element.flag("balanceinertia") { balancesInertia = flag }
    if let flag = try element.flag("strippath") { stripsPaths = flag }
    if let folder = element["assetdir"] { meshFolder = folder }
    if let folder = element["meshdir"] { meshFolder = folder }
  }

  private func sequence(
    _ text: String, _ element: XMLElement
  ) throws(RobotFileError) -> [(axis: Vector3, isFixed: Bool)] {
    var result: [(axis: Vector3, isFixed: Bool)] = []
    for letter in text.unicodeScalars.prefix(4) {
      switch letter {
      case "x": result.append((.unitX, false))
      case "y": result.append((.unitY, false))
      case "z": result.append((.unitZ, false))
      case "X": result.append((.unitX, true))
      case "Y": result.append((.unitY, true))
      case "Z": result.append((.unitZ, true))
      default: result = []
      }
    }
    guard result.count == 3, text.unicodeScalars.count == 3 else {
      throw element.error(
        "'eulerseq' must be three of the letters x, y, z, X, Y and Z, not '\(excerpt(text))'", attribute: "eulerseq")
    }
    return result
  }

  /// Where a mesh lies, relative to the folder of the robot's file.
  func meshPath(_ file: String) -> String {
    FilePath.joined(meshFolder, stripsPaths ? FilePath.name(of: file) : file)
  }
}
