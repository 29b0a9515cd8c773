import Rendering

/// Films through ffmpeg.
enum FilmWriter {
  static func check() throws { throw CommandError(".mp4 needs ffmpeg") }
  static func write(_ film: Film, framesPerSecond: Double, to path: String) throws {}
}
