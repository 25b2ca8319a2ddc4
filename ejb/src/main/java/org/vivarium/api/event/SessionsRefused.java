package org.vivarium.api.event;

/**
 * Calls were refused because each needed a new session, and SessionLimit or SessionBudgetMegabytes allow none.
 *
 * @param refused how many since the last time
 * @param sessions how many sessions there are now
 * @param stateBytes the size of their states together
 * @param budgetBytes from which size on new sessions are refused
 */
public record SessionsRefused(String pool, long refused, int sessions, long stateBytes, long budgetBytes)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_SESSIONS_REFUSED;
    }
}
