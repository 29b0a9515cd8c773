import CPNGShim

/// Why a picture could not be written, in one line.
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
      throw failure(message)
    }
    var file = [UInt8](repeating: 0, count: size)
    guard unsafe png_shim_write(image.pixels, width, height, &file, &size, &message) == 1 else {
      throw failure(message)
    }
    return file
  }

  private static func failure(_ message: [CChar]) -> PictureError {
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return PictureError("the PNG cannot be written: \(text)")
  }
}
