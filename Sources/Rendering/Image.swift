/// A picture: rows from the top, three bytes a pixel (red, green and blue in sRGB).
public struct Image: Sendable, Equatable {
  public let width: Int
  public let height: Int
  public var pixels: [UInt8]

  /// A black picture.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = Array(repeating: 0, count: 3 * width * height)
  }

  /// The color at column `x` of row `y`.
  public subscript(x: Int, y: Int) -> SIMD3<UInt8> {
    get {
      let start = 3 * (y * width + x)
      return SIMD3(pixels[start], pixels[start + 1], pixels[start + 2])
    }
    set {
      let start = 3 * (y * width + x)
      pixels[start] = newValue.x
      pixels[start + 1] = newValue.y
      pixels[start + 2] = newValue.z
    }
  }

  /// Pictures of one height side by side, a white line of `gap` pixels between them.
  public init(sideBySide images: [Image], gap: Int) {
    let height = images.map(\.height).max() ?? 0
    self.init(width: images.map(\.width).reduce(0, +) + gap * max(0, images.count - 1), height: height)
    for i in pixels.indices { pixels[i] = 255 }
    var left = 0
    for image in images {
      for y in 0..<image.height {
        let start = 3 * (y * width + left)
        pixels.replaceSubrange(
          start..<start + 3 * image.width, with: image.pixels[3 * y * image.width..<3 * (y + 1) * image.width])
      }
      left += image.width + gap
    }
  }
}
