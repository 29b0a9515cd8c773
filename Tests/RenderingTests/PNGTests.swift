import Rendering
import TestSupport
import Testing

@Suite struct PNGTests {
  @Test func anyReaderSeesThePicture() throws {
    var image = Image(width: 37, height: 11)
    for i in image.pixels.indices { image.pixels[i] = UInt8(truncatingIfNeeded: i &* i) }
    let file = try PNG.encode(image)
    var (width, height): (UInt32, UInt32) = (0, 0)
    #expect(unsafe test_png_read(file, file.count, &width, &height, nil) == 1)
    #expect(width == 37 && height == 11)
    var pixels = [UInt8](repeating: 0, count: image.pixels.count)
    #expect(unsafe test_png_read(file, file.count, &width, &height, &pixels) == 1)
    #expect(pixels == image.pixels)
    #expect(try PNG.encode(image) == file)
  }

  @Test func anEmptyPictureIsAnError() {
    #expect(throws: PictureError.self) { try PNG.encode(Image(width: 0, height: 8)) }
  }
}
