int kernels_placeholder(void) { return 0; }
