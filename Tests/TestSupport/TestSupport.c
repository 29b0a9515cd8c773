#include "TestSupport.h"

#include <errno.h>  // which also tells whether this is glibc
#include <stdatomic.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
int test_is_sanitized(void) { return 1; }
#else
int test_is_sanitized(void) { return 0; }
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

// A program's own symbols win over the C library's, for every library in the process: these count, then pass on.

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long everyone;
static _Thread_local long mine;

static void count(void) {
  atomic_fetch_add_explicit(&everyone, 1, memory_order_relaxed);
  mine++;
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
  count();
  return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
  count();
  void *found = __libc_memalign(alignment, size);
  if (found == NULL) return ENOMEM;
  *pointer = found;
  return 0;
}

long test_allocation_count(void) { return mine; }
long test_allocation_count_of_all_threads(void) { return atomic_load_explicit(&everyone, memory_order_relaxed); }

#else

long test_allocation_count(void) { return -1; }
long test_allocation_count_of_all_threads(void) { return -1; }

#endif

int test_counts_allocations(void) {
#ifdef __OPTIMIZE__
  return test_allocation_count() >= 0;
#else
  return 0;
#endif
}
