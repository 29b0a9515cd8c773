#pragma once

/// Says in words what a thread was doing when Swift stopped the program: an index out of range, an overflow, nil where a
/// value was unwrapped. A release build otherwise ends without a word.

/// User code that a thread may run.
enum {
  TRAP_NOTE_NONE,
  TRAP_NOTE_RESET,
  TRAP_NOTE_STEP,
  TRAP_NOTE_READ,
  TRAP_NOTE_SAVE,
  TRAP_NOTE_BODY,
  TRAP_NOTE_PREPARE,
  TRAP_NOTE_BEGIN,
  TRAP_NOTE_DISTURB,
  TRAP_NOTE_OBSERVE,
  TRAP_NOTE_EVALUATE_STEP,
  TRAP_NOTE_MEASURE,
  TRAP_NOTE_SHOW,
  TRAP_NOTE_POLICY,
};

struct trap_note {
  int work;
  long step;
};

extern _Thread_local struct trap_note trap_note_current;

/// Notes the user code that the calling thread runs from now on, and the step of the episode; -1 where it is unknown.
static inline void trap_note_set(int work, long step) {
  trap_note_current.work = work;
  trap_note_current.step = step;
}

static inline int trap_note_work(void) { return trap_note_current.work; }
static inline long trap_note_step(void) { return trap_note_current.step; }

/// Has the process write a line on standard error and exit with status 1 where it would trap.
void trap_note_listen(void);
