int ode_shim_placeholder(void) { return 0; }
