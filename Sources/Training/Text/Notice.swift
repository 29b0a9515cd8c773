/// Something that the user of a command or a library should know and that stops nothing.
public enum Notice: Sendable, Hashable {
  case information(String)
  case warning(String)
}
