package org.vivarium.api.event;

import java.util.List;

/**
 * The programs that a pool can call are others than before, or are known for the first time.
 *
 * @param programs their names, sorted
 */
public record ProgramsChanged(String pool, List<String> programs) implements PoolEvent {
    public ProgramsChanged {
        programs = List.copyOf(programs);
    }

    @Override
    public EventType type() {
        return EventType.POOL_PROGRAMS;
    }
}
