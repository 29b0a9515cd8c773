/// A row of elements that need not be copyable, each used where it stands.
@safe package struct Slab<Element: ~Copyable>: ~Copyable {
  private let start: UnsafeMutablePointer<Element>
  private let capacity: Int
  package private(set) var count = 0

  /// A slab with room for `capacity` elements and none in it yet.
  package init(capacity: Int) {
    unsafe start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit {
    unsafe start.deinitialize(count: count)
    unsafe start.deallocate()
  }

  package mutating func append(_ element: consuming Element) {
    precondition(count < capacity, "the slab is full")
    unsafe (start + count).initialize(to: element)
    count += 1
  }

  package subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(index >= 0 && index < count, "there is no such element")
      return unsafe UnsafePointer(start + index)
    }
    unsafeMutableAddress {
      precondition(index >= 0 && index < count, "there is no such element")
      return unsafe start + index
    }
  }
}
