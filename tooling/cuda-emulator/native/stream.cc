// See stream.h.
#include "stream.h"

#include <deque>

namespace emulator {
namespace {
std::deque<Work> waiting;
bool deferred = false;
}  // namespace

void setDeferred(bool wanted) { deferred = wanted; }
bool isDeferred() { return deferred; }
bool isEmpty() { return waiting.empty(); }
void forget() { waiting.clear(); }

int enqueue(Work work) {
  if (!deferred) return work();
  waiting.push_back(std::move(work));
  return 0;
}

int flush() {
  while (!waiting.empty()) {
    const Work work = std::move(waiting.front());
    waiting.pop_front();
    if (const int failure = work()) {
      waiting.clear();
      return failure;
    }
  }
  return 0;
}

}  // namespace emulator
