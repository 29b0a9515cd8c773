import Rendering
import Testing

@Suite struct PNGTests {
  @Test func whatIsWrittenIsRead() throws {
    var image = Image(width: 37, height: 11)
    for i in image.pixels.indices { image.pixels[i] = UInt8(truncatingIfNeeded: i &* i) }
    let file = try PNG.encode(image)
    #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(try PNG.decode(file) == image)
    #expect(try PNG.encode(image) == file)
  }

  @Test func damagedFilesAndEmptyPicturesAreErrors() throws {
    let file = try PNG.encode(Image(width: 8, height: 8))
    for count in [0, 7, 20, file.count - 14] {
      #expect(throws: PictureError.self) { try PNG.decode(Array(file.prefix(count))) }
    }
    #expect(throws: PictureError.self) { try PNG.encode(Image(width: 0, height: 8)) }
  }
}
