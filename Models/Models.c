int models_placeholder(void) { return 0; }
