import CPNGShim

/// Why a picture could not be written or read, in one line.
public struct PictureError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// PNG files, by libpng.
public enum PNG {
  /// The bytes of a file that shows `image`.
  ///
  /// - Throws: `PictureError` with libpng's reason.
  public static func encode(_ image: Image) throws(PictureError) -> [UInt8] {
    var message = [CChar](repeating: 0, count: 64)
    var size = 0
    let (width, height) = (UInt32(image.width), UInt32(image.height))
    guard unsafe png_shim_write(image.pixels, width, height, nil, &size, &message) == 1 else {
      throw failure("written", message)
    }
    var file = [UInt8](repeating: 0, count: size)
    guard unsafe png_shim_write(image.pixels, width, height, &file, &size, &message) == 1 else {
      throw failure("written", message)
    }
    return file
  }

  /// The picture that a file of `encode`'s shows.
  ///
  /// - Throws: `PictureError` with libpng's reason.
  package static func decode(_ file: [UInt8]) throws(PictureError) -> Image {
    var message = [CChar](repeating: 0, count: 64)
    var (width, height): (UInt32, UInt32) = (0, 0)
    guard unsafe png_shim_read(file, file.count, &width, &height, nil, &message) == 1 else {
      throw failure("read", message)
    }
    var image = Image(width: Int(width), height: Int(height))
    guard unsafe png_shim_read(file, file.count, &width, &height, &image.pixels, &message) == 1 else {
      throw failure("read", message)
    }
    return image
  }

  private static func failure(_ done: String, _ message: [CChar]) -> PictureError {
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return PictureError("the PNG cannot be \(done): \(text)")
  }
}
