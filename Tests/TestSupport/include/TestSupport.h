#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

/// How often the calling thread has allocated memory since it began; -1 where that is not counted (under sanitizers,
/// and off glibc).
long test_allocation_count(void);

/// Whether this was built with a sanitizer, whose own files and memory count where the test sets limits.
int test_is_sanitized(void);

/// How often all threads together have; -1 where that is not counted.
long test_allocation_count_of_all_threads(void);

#endif
