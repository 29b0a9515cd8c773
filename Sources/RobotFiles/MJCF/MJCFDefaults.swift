import Physics

/// What the elements of a class have unless they say otherwise.
struct MJCFClass {
  var geom = MJCFGeom()
  var joint = MJCFJoint()
  var actuator = MJCFActuator()
  var tendon = MJCFTendon()
  var meshScale = Vector3(1, 1, 1)
  var equalityIsActive = true
}

/// The classes of an MJCF by name.
struct MJCFDefaults {
  private static let outermost = "main"
  private var classes = [outermost: MJCFClass()]

  init(_ root: XMLElement) throws(RobotFileError) {
    for element in root.all("default") {
      var main = classes[Self.outermost] ?? MJCFClass()
      try Self.fill(&main, from: element)
      classes[Self.outermost] = main
      // Old files give the outermost class a name of their own.
      if let name = element["class"], !name.isEmpty, name != Self.outermost {
        try add(main, name, element)
      }
      for nested in element.all("default") { try read(nested, parent: main) }
    }
  }

  private mutating func read(_ element: XMLElement, parent: MJCFClass) throws(RobotFileError) {
    guard let name = element["class"], !name.isEmpty else { throw element.error("'class' is missing") }
    var result = parent
    result.actuator.nest()
    try Self.fill(&result, from: element)
    try add(result, name, element)
    for nested in element.all("default") { try read(nested, parent: result) }
  }

  private mutating func add(_ value: MJCFClass, _ name: String, _ element: XMLElement) throws(RobotFileError) {
    guard classes.updateValue(value, forKey: name) == nil else {
      throw element.error("there is another class '\(excerpt(name))'", attribute: "class")
    }
  }

  private static func fill(_ values: inout MJCFClass, from element: XMLElement) throws(RobotFileError) {
    for child in element.children {
      switch child.name {
      case "geom": try values.geom.read(child)
      case "joint": try values.joint.read(child)
      case "tendon": try values.tendon.read(child)
      case "mesh": if let scale = try child.vector("scale") { values.meshScale = scale }
      case "equality": if let flag = try child.flag("active") { values.equalityIsActive = flag }
      case let name where MJCFActuator.elements.contains(name): try values.actuator.read(child)
      default: break
      }
    }
  }

  /// The class of an element: its own, else the nearest `childclass` around it, else the outermost.
  func values(for element: XMLElement, childclass: String?) throws(RobotFileError) -> MJCFClass {
    let (name, attribute) = element["class"].map { ($0, "class") } ?? (childclass ?? Self.outermost, "childclass")
    guard let values = classes[name] else {
      throw element.error("there is no class '\(excerpt(name))'", attribute: attribute)
    }
    return values
  }

  /// The `childclass` of a body or frame, else the one around it.
  func childclass(of element: XMLElement, in outer: String?) throws(RobotFileError) -> String? {
    guard let name = element["childclass"] else { return outer }
    guard classes[name] != nil else {
      throw element.error("there is no class '\(excerpt(name))'", attribute: "childclass")
    }
    return name
  }
}
