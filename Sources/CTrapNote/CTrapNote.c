#define _POSIX_C_SOURCE 200809L

#include "CTrapNote.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

_Thread_local struct trap_note trap_note_current;

static const char *const works[] = {
    [TRAP_NOTE_NONE] = "the program",
    [TRAP_NOTE_RESET] = "the env's reset",
    [TRAP_NOTE_STEP] = "the env's step",
    [TRAP_NOTE_READ] = "the env's readRewardTerms or readMetrics",
    [TRAP_NOTE_SAVE] = "the env's or the task's save or restore",
    [TRAP_NOTE_BODY] = "the robot's description",
    [TRAP_NOTE_PREPARE] = "the task's prepare",
    [TRAP_NOTE_BEGIN] = "the task's begin",
    [TRAP_NOTE_DISTURB] = "the task's disturb",
    [TRAP_NOTE_OBSERVE] = "the task's observe",
    [TRAP_NOTE_EVALUATE_STEP] = "the task's evaluateStep",
    [TRAP_NOTE_MEASURE] = "the task's measure",
    [TRAP_NOTE_SHOW] = "the task's markers or aims",
    [TRAP_NOTE_POLICY] = "the policy's act",
};

/// Calls only what a signal handler may call.
static void say(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t written = write(STDERR_FILENO, text, left);
    if (written <= 0) return;
    text += written;
    left -= (size_t)written;
  }
}

static void say_number(long number) {
  char digits[24];
  size_t at = sizeof digits;
  digits[--at] = 0;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0 && at > 0);
  say(digits + at);
}

static void tell(int signal) {
  (void)signal;
  struct trap_note note = trap_note_current;
  say("Error: ");
  say(works[note.work]);
  say(" stopped the program");
  if (note.work != TRAP_NOTE_NONE && note.step >= 0) {
    if (note.step == 0) {
      say(" at the start of an episode");
    } else {
      say(" in step ");
      say_number(note.step);
      say(" of an episode");
    }
  }
  say(": an index out of range, nil where a value is unwrapped, a range whose lower bound is above its upper, a number "
      "too large for its type or a failed precondition; a debug build (swift run without -c release) names the line\n");
  _exit(1);
}

void trap_note_listen(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = tell;
  sigemptyset(&action.sa_mask);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGTRAP, &action, NULL);
}
