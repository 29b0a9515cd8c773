import Environments
import Physics

extension RobotModel {
  /// What each component of the action commands, in its order.
  var actionChannels: [ActionChannel] {
    actuatedAxes.compactMap { index in
      let axis = axes[index]
      guard let actuator = axis.actuator else { return nil }
      let isSliding = isSliding(axis: index)
      var described = ActionChannel.Actuator(
        command: .effort, limit: actuator.drive.maxTorque, neutral: axis.neutral,
        stops: axis.range ?? -.infinity ... .infinity, isSliding: isSliding, speedLimit: actuator.speedLimit)
      let unit: String
      switch actuator.drive {
      case .position(let stiffness, let damping, _, _):
        (described.command, described.stiffness, described.damping) = (.position, stiffness, damping)
        unit = isSliding ? "m" : "rad"
      case .velocity(let gain, _):
        (described.command, described.damping) = (.velocity, gain)
        unit = isSliding ? "m/s" : "rad/s"
      case .torque:
        unit = isSliding ? "N" : "N·m"
      }
      return ActionChannel(
        axis.name, unit: unit, scale: actuator.scale, rest: described.command == .position ? axis.neutral : 0,
        actuator: described)
    }
  }
}
