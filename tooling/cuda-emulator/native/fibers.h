// Runs the blocks of a kernel launch. The threads of a block are fibers of one OS thread: they run one after the other, from barrier
// to barrier. A thread that meets no barrier needs no fiber of its own, so elementwise kernels run as plain loops.
#pragma once
#include <string>

#include "simt.h"

namespace emulator {

struct Launch {
  void (*kernel)(void** parameters);
  void** parameters;
  dim3 grid, block;
};

// Returns what went wrong, or nothing.
std::string run(const Launch& launch);

}  // namespace emulator
