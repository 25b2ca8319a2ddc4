raise KeyboardInterrupt("stopped")
