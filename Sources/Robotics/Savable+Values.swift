import Environments
import Physics

extension Vector3: Savable {
  public func save(to writer: inout StateWriter) { for value in [x, y, z] { writer.write(value) } }
  public mutating func restore(from reader: inout StateReader) throws {
    self = [try reader.readFiniteDouble(), try reader.readFiniteDouble(), try reader.readFiniteDouble()]
  }
}

extension Quaternion: Savable {
  public func save(to writer: inout StateWriter) { for value in [w, x, y, z] { writer.write(value) } }
  public mutating func restore(from reader: inout StateReader) throws {
    self = Quaternion(
      w: try reader.readFiniteDouble(), x: try reader.readFiniteDouble(), y: try reader.readFiniteDouble(),
      z: try reader.readFiniteDouble())
  }
}

extension Pose: Savable {
  public func save(to writer: inout StateWriter) {
    position.save(to: &writer)
    orientation.save(to: &writer)
  }
  public mutating func restore(from reader: inout StateReader) throws {
    try position.restore(from: &reader)
    try orientation.restore(from: &reader)
  }
}

extension ActionMemory: Savable {}
extension GaitClock: Savable {}
extension GaitMeter: Savable {}
extension TrackingMeter: Savable {}
extension VelocityCommand: Savable {}
