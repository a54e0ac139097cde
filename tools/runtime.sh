# How the program's own runtime is started, for whoever starts it: sourced, with $root set.
# Two arenas for all threads: glibc's default of eight a core keeps what large buffers leave behind, once for each.
MALLOC_ARENA_MAX=2
# Compiled code is kept in the clone: starting takes half the time. Not among the packages, which hold still; does nothing where
# that cannot be written.
NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$root/.cache/compiled}
export MALLOC_ARENA_MAX NODE_COMPILE_CACHE
# A small young generation: entries live for a moment each, and a large one only spreads them over more memory.
STRONGROOM_NODE_OPTIONS="--disable-warning=ExperimentalWarning --max-semi-space-size=4"
