import Environments
import Networks

/// The sequences of a shard's samples in the order in which minibatches draw them, for networks with a memory.
struct SampleSequences: Sendable {
  /// Indices of the batch's sequences.
  private var order: [Int32] = []
  /// How many rows come before each sequence in this order; one number more than there are sequences.
  private var bounds: [Int] = []
  private var chosen: [Int32] = []
  /// The rows of the last minibatch's share, packed.
  private(set) var rows: [Int32] = []
  private(set) var packing = SequencePacking()

  var count: Int { order.count }

  /// Puts the batch's sequences into their own order.
  mutating func reset(for batch: borrowing Batch) {
    order.removeAll(keepingCapacity: true)
    for i in batch.sequences.indices { order.append(Int32(truncatingIfNeeded: i)) }
    updateBounds(for: batch)
  }

  /// Puts the sequences into a random order, and `rows` with them.
  mutating func shuffle(_ rows: inout [Int32], of batch: borrowing Batch, using random: inout Random) {
    order.shuffle(using: &random)
    updateBounds(for: batch)
    list(&rows, of: batch)
  }

  /// Lists all rows, one sequence behind the other.
  func list(_ rows: inout [Int32], of batch: borrowing Batch) {
    rows.removeAll(keepingCapacity: true)
    for sequence in order {
      for row in batch.sequences[Int(sequence)] { rows.append(Int32(truncatingIfNeeded: row)) }
    }
  }

  private mutating func updateBounds(for batch: borrowing Batch) {
    bounds.removeAll(keepingCapacity: true)
    bounds.append(0)
    for (i, sequence) in order.enumerated() { bounds.append(bounds[i] + batch.sequences[Int(sequence)].count) }
  }

  /// Where the rows of some sequences are in the list of all rows.
  func rows(of sequences: Range<Int>) -> Range<Int> { bounds[sequences.lowerBound]..<bounds[sequences.upperBound] }

  /// Packs the rows of some sequences.
  mutating func pack(_ sequences: Range<Int>, of batch: borrowing Batch) {
    choose(sequences, of: batch)
    rows.removeAll(keepingCapacity: true)
    packing.clear()
    var (time, active) = (0, chosen.count)
    while true {
      while active > 0, batch.sequences[Int(chosen[active - 1])].count <= time { active -= 1 }
      guard active > 0 else { break }
      packing.counts.append(active)
      for sequence in chosen[..<active] {
        let row = batch.sequences[Int(sequence)].lowerBound + time
        rows.append(Int32(truncatingIfNeeded: row))
        // What the memory was before the first row is known.
        packing.startsEpisode.append(time > 0 && batch.startsEpisode[row])
      }
      time += 1
    }
  }

  /// Lists the chosen sequences, longest first. Most are equally long, so that few are moved.
  private mutating func choose(_ sequences: Range<Int>, of batch: borrowing Batch) {
    chosen.removeAll(keepingCapacity: true)
    for i in sequences {
      let length = batch.sequences[Int(order[i])].count
      var place = chosen.count
      chosen.append(order[i])
      while place > 0, batch.sequences[Int(chosen[place - 1])].count < length {
        chosen.swapAt(place, place - 1)
        place -= 1
      }
    }
  }

  /// Writes the memories that the packed sequences start with to the first rows of a tape.
  func writeStarts(_ columns: Range<Int>, of batch: borrowing Batch, layout: SampleLayout, to tape: inout GRUTape) {
    var next = 0
    for sequence in chosen {
      let row = Int(sequence) * layout.memories
      for column in columns {
        tape.previous[next] = batch.memories[row + column]
        next += 1
      }
    }
  }
}

extension [Int32] {
  /// Puts the numbers into a random order (Fisher and Yates).
  mutating func shuffle(using random: inout Random) {
    for i in stride(from: count - 1, to: 0, by: -1) { swapAt(i, random.index(below: i + 1)) }
  }
}
