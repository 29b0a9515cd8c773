import CTrapNote

/// Notes which user code (env, task or policy) a thread runs, so that a trap in it, such as an index out of range, can be
/// reported in words.
package enum UserCode {
  package enum Work: Sendable {
    case reset, step, read, save
    case body, prepare, begin, disturb, observe, evaluateStep, measure, show
    case policy

    fileprivate var number: Int32 {
      let number =
        switch self {
        case .reset: TRAP_NOTE_RESET
        case .step: TRAP_NOTE_STEP
        case .read: TRAP_NOTE_READ
        case .save: TRAP_NOTE_SAVE
        case .body: TRAP_NOTE_BODY
        case .prepare: TRAP_NOTE_PREPARE
        case .begin: TRAP_NOTE_BEGIN
        case .disturb: TRAP_NOTE_DISTURB
        case .observe: TRAP_NOTE_OBSERVE
        case .evaluateStep: TRAP_NOTE_EVALUATE_STEP
        case .measure: TRAP_NOTE_MEASURE
        case .show: TRAP_NOTE_SHOW
        case .policy: TRAP_NOTE_POLICY
        }
      return Int32(bitPattern: UInt32(truncatingIfNeeded: number))
    }
  }

  /// What a thread ran before it entered user code.
  package struct Before: Sendable {
    fileprivate let work: Int32
    fileprivate let step: Int
  }

  /// The calling thread is in that code until it leaves.
  ///
  /// - Parameter step: of the episode; 0 at its start, -1 where it is not known.
  package static func enter(_ work: Work, step: Int = -1) -> Before {
    let before = Before(work: trap_note_work(), step: trap_note_step())
    trap_note_set(work.number, step)
    return before
  }

  package static func leave(to before: Before) { trap_note_set(before.work, before.step) }

  /// From now on a trap is reported on standard error and ends the process with status 1.
  package static func reportTraps() { trap_note_listen() }
}
