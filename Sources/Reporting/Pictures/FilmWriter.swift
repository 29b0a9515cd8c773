import Learning
import Networks
import Rendering
import Storage
import Training

/// MP4 films, by ffmpeg.
package enum FilmWriter {
  /// Writes all pictures of `film` as a film. The process must ignore SIGPIPE, as ffmpeg may end early.
  ///
  /// - Throws: `ReportingError` if ffmpeg is missing or fails.
  package static func write(_ film: Film, _ settings: PictureSettings, to path: String) throws {
    // A partial film must not be where a whole one is expected.
    let partial = AtomicFile.partialPath(of: path)
    let arguments = [
      "ffmpeg", "-y", "-loglevel", "error",
      "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "\(settings.width)x\(settings.height)",
      "-framerate", "\(settings.framesPerSecond)", "-i", "pipe:0",
      // H.264 with its color halved is what players and browsers all show.
      "-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
      // No versions or dates in the file: same pictures, same bytes.
      "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mp4", "file:\(partial)",
    ]
    guard let ffmpeg = try ProgramPipe(arguments) else {
      throw ReportingError(
        ".mp4 needs ffmpeg, which is not installed; install it, or give --out a name that ends in .gif")
    }
    var isListening = true
    film.play { image in
      if isListening { isListening = ffmpeg.write(image.pixels) }
    }
    guard ffmpeg.finish() else {
      try? Files.remove(partial)
      throw ReportingError("ffmpeg could not write \(quoted(path)); its message above may say why")
    }
    try Files.move(partial, to: path)
  }
}
