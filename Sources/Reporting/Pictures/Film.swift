import Environments
import Rendering
import Synchronization

/// Pictures of a recording at given times, drawn by several threads and returned in order.
package struct Film: Sendable {
  let studio: Studio
  /// Seconds from the recording's start.
  let times: [Double]
  let workers: Workers

  package init(studio: Studio, times: [Double], workers: Workers) {
    self.studio = studio
    self.times = times
    self.workers = workers
  }
  /// Pictures drawn before the next ones are begun; a bound on memory.
  private static let batch = 32

  /// The pictures of `indices`, in order.
  package func pictures(_ indices: [Int]) -> [Image] {
    let images = Mutex([Image](repeating: Image(width: 0, height: 0), count: indices.count))
    workers.run(indices.count) { number in
      let image = studio.picture(at: times[indices[number]])
      images.withLock { $0[number] = image }
    }
    return images.withLock { $0 }
  }

  /// Hands each picture to `show`.
  package func play(_ show: (Image) throws -> Void) rethrows {
    for start in stride(from: 0, to: times.count, by: Self.batch) {
      let indices = Array(start..<min(start + Self.batch, times.count))
      for image in pictures(indices) { try show(image) }
    }
  }

  /// An animated GIF of all pictures.
  package func gif(framesPerSecond: Double) -> [UInt8] {
    // The palette is made from pictures throughout the film.
    let samples = Array(stride(from: 0, to: times.count, by: max(1, times.count / 8)))
    var gif = GIF(paletteFrom: pictures(samples), framesPerSecond: framesPerSecond)
    play { gif.append($0) }
    return gif.file
  }

  /// All pictures side by side.
  package func strip() -> Image { Image(sideBySide: pictures(Array(times.indices)), gap: 4) }
}
