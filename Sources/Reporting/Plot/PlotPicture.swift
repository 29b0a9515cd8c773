import Rendering

/// A plot in pixels: paints the elements that `PlotSheet` and `ChartDrawing` make, in the looks of `PlotColors`.
package struct PlotPicture {
  /// Pixels for each unit of the picture: sharp in print and on dense screens.
  private static let zoom = 2.0

  private let colors: PlotColors
  private var canvas: Canvas

  /// The picture as a PNG file.
  ///
  /// - Throws: `PictureError` if it cannot be encoded.
  package static func png(of sheet: ChartSheet) throws -> [UInt8] {
    let picture = PlotSheet.picture(of: sheet)
    guard case .element(let root)? = picture.nodes.first else { return [] }
    var painting = PlotPicture(
      colors: .light,
      canvas: Canvas(
        width: Int((zoom * root.number("width")).rounded(.up)),
        height: Int((zoom * root.number("height")).rounded(.up)),
        background: pixel(PlotColors.light.background)))
    let place = Place(clip: painting.canvas.whole)
    for child in root.content { painting.paint(child, at: place) }
    return try PNG.encode(painting.canvas.image)
  }

  private init(colors: PlotColors, canvas: Canvas) {
    self.colors = colors
    self.canvas = canvas
  }

  /// Where an element's coordinates are, and what it takes over from those around it.
  private struct Place {
    /// In the picture's units; nothing is ever scaled but by `zoom`.
    var offset = CanvasPoint.zero
    var clip: Canvas.Clip
    var series = 0

    func pixels(_ point: CanvasPoint) -> CanvasPoint { (point + offset) * PlotPicture.zoom }
  }

  private mutating func paint(_ node: SVG.Node, at place: Place) {
    guard case .element(let element) = node else { return }
    let classes = (element["class"] ?? "").split(separator: " ")
    var place = place
    if let series = classes.first(where: { $0.first == "s" && Int($0.dropFirst()) != nil }) {
      place.series = Int(series.dropFirst()) ?? 0
    }
    switch element.name {
    case "svg": paint(picture: element, at: place)
    case "g": for child in element.content { paint(child, at: place) }
    case "path": paint(path: element, classes, at: place)
    case "circle":
      let center = place.pixels(CanvasPoint(element.number("cx"), element.number("cy")))
      canvas.stroke(
        [[center]], width: 2 * Self.zoom * element.number("r"), color: color(of: place), in: place.clip)
    case "text": paint(text: element, classes, at: place)
    default: break
    }
  }

  /// A picture in the picture, whose `viewBox` is as large as itself; it cuts off what lies outside.
  private mutating func paint(picture element: SVG.Element, at place: Place) {
    let box = (element["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
    guard box.count == 4 else { return }
    let corner = CanvasPoint(element.number("x"), element.number("y"))
    var inner = place
    inner.offset += corner - CanvasPoint(box[0], box[1])
    let (start, end) = (place.pixels(corner), place.pixels(corner + CanvasPoint(box[2], box[3])))
    inner.clip = Canvas.Clip(left: start.x, top: start.y, right: end.x, bottom: end.y, in: place.clip)
    for child in element.content { paint(child, at: inner) }
  }

  private func color(of place: Place) -> SIMD3<UInt8> { Self.pixel(colors.series[place.series % colors.series.count]) }

  /// A color as the web writes it, such as "#0072b2".
  private static func pixel(_ text: String) -> SIMD3<UInt8> {
    let value = Int(text.dropFirst(), radix: 16) ?? 0
    return SIMD3(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
  }

  // MARK: Lines

  private mutating func paint(path element: SVG.Element, _ classes: [Substring], at place: Place) {
    let lines = PathReader.lines(of: element["d"] ?? "").map { $0.map(place.pixels) }
    if classes.contains("band") {
      for line in lines { canvas.fill(line, color: color(of: place), opacity: PlotColors.bandOpacity, in: place.clip) }
      return
    }
    guard classes.contains("line") else {
      let color = Self.pixel(classes.contains("grid") ? colors.grid : colors.axis)
      return canvas.stroke(lines, width: Self.zoom, color: color, in: place.clip)
    }
    let dashes = (element["stroke-dasharray"] ?? "").split(separator: " ").compactMap { Double($0) }
    let lengths = dashes.map { $0 * Self.zoom }
    canvas.stroke(
      lines.flatMap { Canvas.dashed($0, lengths) }, width: PlotColors.lineWidth * Self.zoom, color: color(of: place),
      in: place.clip)
  }

  // MARK: Text

  private mutating func paint(text element: SVG.Element, _ classes: [Substring], at place: Place) {
    let size = element.number("font-size")
    // Pieces that follow each other, each with its own size and color.
    var pieces: [(text: String, size: Double, gap: Double, isQuiet: Bool)] = []
    for node in element.content {
      switch node {
      case .text(let text): pieces.append((text, size, 0, classes.contains("quiet")))
      case .element(let part):
        guard case .text(let text)? = part.content.first else { continue }
        let own = part["font-size"] == nil ? size : part.number("font-size")
        pieces.append((text, own, part.number("dx"), part["class"] == "quiet"))
      case .raw: break
      }
    }
    let width = pieces.reduce(0) { $0 + $1.gap + StrokeFont.width(of: $1.text, size: $1.size) }
    let anchor = element["text-anchor"]
    var x = element.number("x") - (anchor == "end" ? width : anchor == "middle" ? width / 2 : 0)
    let isBold = (Int(element["font-weight"] ?? "") ?? 400) >= 600
    for piece in pieces {
      x += piece.gap
      let start = place.pixels(CanvasPoint(x, element.number("y")))
      let lines = StrokeFont.lines(of: piece.text, at: start, size: piece.size * Self.zoom)
      let weight = StrokeFont.weight(size: piece.size * Self.zoom, isBold: isBold)
      if classes.contains("letter") {
        canvas.stroke(
          lines, width: weight + 3 * Self.zoom, color: Self.pixel(colors.background), in: place.clip)
      }
      canvas.stroke(
        lines, width: weight, color: Self.pixel(piece.isQuiet ? colors.quiet : colors.text), in: place.clip)
      x += StrokeFont.width(of: piece.text, size: piece.size)
    }
  }
}

/// Reads the paths that plots are made of: M, L, H, V and Z, and h and v, with points that may follow without a letter.
enum PathReader {
  static func lines(of text: String) -> [[CanvasPoint]] {
    var lines: [[CanvasPoint]] = []
    var place = CanvasPoint.zero
    var command: Character = "M"
    var rest = Substring(text)
    while let next = rest.first {
      if next == " " || next == "," {
        rest.removeFirst()
      } else if next.isLetter {
        command = next
        rest.removeFirst()
        if next == "Z", let first = lines.last?.first { lines[lines.count - 1].append(first) }
      } else {
        guard let x = number(&rest) else { return lines }
        switch command {
        case "M", "L":
          guard let y = number(&rest) else { return lines }
          place = CanvasPoint(x, y)
          if command == "M" { lines.append([]) }
          command = "L"
        case "H": place.x = x
        case "V": place.y = x
        case "h": place.x += x
        case "v": place.y += x
        default: return lines
        }
        if lines.isEmpty { lines.append([]) }
        lines[lines.count - 1].append(place)
      }
    }
    return lines
  }

  private static func number(_ rest: inout Substring) -> Double? {
    rest = rest.drop { $0 == " " || $0 == "," }
    var text = ""
    while let next = rest.first, next.isNumber || next == "." || (next == "-" && text.isEmpty) {
      text.append(next)
      rest.removeFirst()
    }
    return Double(text)
  }
}
