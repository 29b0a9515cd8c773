int test_support_placeholder(void) { return 0; }
