import Environments
import Learning
import Networks
import Storage
import Training

extension ControllerDescription {
  // MARK: For programs

  /// - Parameter weights: whether to include the network's weights.
  package func json(weights: Bool) -> JSON {
    var network: [(key: String, value: JSON)] = [
      ("layers", .array(policy.network.sizes.map { .whole($0) })),
      ("activation", .text(policy.network.activation.rawValue)),
    ]
    if weights { network.append(("parameters", .array((0..<policy.network.layerCount).map(parameters)))) }
    if let memory = policy.memory {
      var unit: [(key: String, value: JSON)] = [("kind", .text("gru")), ("width", .whole(memory.shape.width))]
      if weights { unit += parameters(of: memory) }
      network.append(("memory", .object(unit)))
    }
    let columns = columns
    return .object([
      ("robot", .text(robot)), ("control_interval_s", .number(spec.controlInterval)),
      ("control_hz", .number(1 / spec.controlInterval)), ("how", .array(steps.map { .text($0) })),
      ("observations", .array(observations)),
      (
        "normalizer",
        hasNormalizer
          ? .object([
            ("mean", .array(columns.map { .number(ifAny: $0.mean) })),
            ("std", .array(columns.map { .number(ifAny: $0.std) })), ("clip", .number(policy.observationClip)),
          ]) : .null
      ),
      ("network", .object(network)), ("distribution", .text(policy.distribution.name)),
      ("actions", .array(spec.actions.map(\.description))),
      ("units_from", .text(isFromFile ? "file" : "robot")),
    ])
  }

  private var observations: [JSON] {
    var first = 0
    return slices.map { slice in
      defer { first += slice.count }
      return .object([
        ("name", .text(slice.name)), ("first_column", .whole(first)), ("count", .whole(slice.count)),
        ("unit", .text(slice.unit)), ("scale", .number(slice.scale)),
        ("columns", .array(slice.columns.map { .text($0) })),
      ])
    }
  }

  private func parameters(ofLayer layer: Int) -> JSON {
    let network = policy.network
    let (inputs, outputs) = (network.sizes[layer], network.sizes[layer + 1])
    let number = { (place: Int) in JSON.number(Double(network.parameters[place])) }
    let weights = (0..<outputs).map { output in
      JSON.array((0..<inputs).map { number(network.offsets[layer] + $0 * outputs + output) })
    }
    let biases = (0..<outputs).map { number(network.biasOffset(layer) + $0) }
    return .object([("weights", .array(weights)), ("biases", .array(biases))])
  }

  /// Weights (a row for each output) and biases of a unit, by PyTorch's names.
  private func parameters(of unit: GRU) -> [(key: String, value: JSON)] {
    unit.tensors.map { name, rows in
      let rows = rows.map { JSON.array($0.map { .number(Double($0)) }) }
      return (name, rows.count == 1 ? rows[0] : .array(rows))
    }
  }

  // MARK: For people

  private var memoryText: String {
    policy.memory.map { "\($0.shape.inputCount) → memory of \($0.shape.width) (GRU), " } ?? ""
  }

  package var text: String {
    var inputs = [["column", "observation", "of", "unit", "scale", "mean", "std"]]
    for (place, column) in columns.enumerated() {
      inputs.append([
        "\(place)", column.slice.count == 1 ? column.slice.name : "\(column.slice.name) \(column.number)", column.name,
        column.slice.unit, NumberText.short(column.slice.scale), column.mean.map(NumberText.short) ?? "–",
        column.std.map(NumberText.short) ?? "–",
      ])
    }
    let heads = "action low high rest scale unit command stiffness damping limit speed neutral stops"
    var outputs = [heads.split(separator: " ").map(String.init)]
    for action in spec.actions { outputs.append(action.row) }
    return """
      \(robot): a step every \(NumberText.short(spec.controlInterval)) s (\(NumberText.short(1 / spec.controlInterval)) Hz)

      \(TextTable(inputs, leftColumns: [1, 2, 3]).text)

      network: \(memoryText)\(policy.network.sizes.map(String.init).joined(separator: " → ")), \
      \(policy.network.activation.rawValue)\
      \(hasNormalizer ? "; normalized observations are cut off at ±\(NumberText.short(policy.observationClip))" : "")

      \(TextTable(outputs, leftColumns: [0, 5, 6]).text)
      \(isFromFile ? "" : "\nThe file does not say what its actions drive; this is the robot as it is now.\n")
      \(steps.joined(separator: "\n"))
      """
  }
}

extension ActionChannel {
  fileprivate var description: JSON {
    .object([
      ("name", .text(name)), ("low", .number(Double(low))), ("high", .number(Double(high))), ("unit", .text(unit)),
      ("scale", .number(scale)), ("rest", .number(rest)), ("actuator", actuator?.description ?? .null),
    ])
  }

  fileprivate var row: [String] {
    let short = NumberText.short
    let command = [name, short(Double(low)), short(Double(high)), short(rest), short(scale), unit]
    guard let actuator else { return command + Array(repeating: "–", count: 7) }
    return command + [
      actuator.command.rawValue, short(actuator.stiffness), short(actuator.damping), short(actuator.limit),
      actuator.speedLimit.isFinite ? short(actuator.speedLimit) : "–", short(actuator.neutral),
      "\(short(actuator.stops.lowerBound)) … \(short(actuator.stops.upperBound))",
    ]
  }
}

extension ActionChannel.Actuator {
  fileprivate var description: JSON {
    .object([
      ("command", .text(command.rawValue)), ("slides", .flag(isSliding)), ("stiffness", .number(stiffness)),
      ("damping", .number(damping)), ("limit", .number(limit)),
      ("speed_limit", .number(speedLimit)), ("neutral", .number(neutral)),
      ("stops", .array([.number(stops.lowerBound), .number(stops.upperBound)])),
    ])
  }
}
