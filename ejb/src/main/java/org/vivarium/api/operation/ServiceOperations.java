package org.vivarium.api.operation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.vivarium.api.Actor;
import org.vivarium.api.memory.MemoryBudgets;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.api.view.monitor.SelfView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.api.view.settings.LoginLimits;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.settings.ReloadView;

/**
 * The whole service for REST, JMX and dashboards: its pools, each by its handle, and what is of none of them. Thread
 * safe.
 */
public interface ServiceOperations {

    /** Returns all configured pools, those that cannot start included, by name. */
    List<PoolView> pools();

    /**
     * Returns the handle of a pool, one that could not be configured included.
     *
     * @throws org.vivarium.api.InvalidCallException of type {@code UnknownPool} if there is none of that name
     */
    PoolOperations pool(String pool);

    /**
     * Returns the numbers and states of all pools, those that cannot start included, and what {@link #resources} tells,
     * for Prometheus, in UTF-8.
     */
    byte[] metrics(MetricsFormat format);

    /** Returns what machine, JVM and Python processes used in the last sample. */
    ResourcesView resources();

    /** Returns threads of the service's own, as many as are needed, for what may wait; never those of requests. */
    Executor executor();

    /** Returns how much of others' data the service holds, and may hold. */
    MemoryBudgets memory();

    /** Returns all parameters of the service as a whole. */
    List<ParameterView> configuration();

    /**
     * Changes parameters of the service, all or none; what is changed holds until the service stops, unless it is
     * saved.
     *
     * @param changes attribute → new value: a whole number of the parameter's unit, a boolean, or a text
     * @return what changed, from what to what; nothing for values that hold already
     */
    List<ParameterChange> configure(Map<String, ?> changes, Actor actor);

    /**
     * Saves parameters of the service as they are now, so that they hold after a restart; all or none.
     *
     * @param attributes which; none for all
     * @return what was saved, from what was saved before
     */
    List<ParameterChange> saveConfiguration(Collection<String> attributes, Actor actor);

    /**
     * Sets parameters of the service to what is configured, and forgets what was saved of them; all or none.
     *
     * @param attributes which; none for all
     * @return what changed
     */
    List<ParameterChange> revertConfiguration(Collection<String> attributes, Actor actor);

    /** Returns what requests may take now; costs a read of a field, so that nobody need keep it. */
    HttpLimits httpLimits();

    /** Returns likewise what slows down guessing, and what of logins is remembered. */
    LoginLimits loginLimits();
    /**
     * Reads the configuration again. Of the parameters only those are touched whose configured values have changed;
     * what cannot change while the service runs is told.
     *
     * @throws org.vivarium.api.PythonException of type {@code InvalidConfiguration} if it has a mistake outside of
     *     pools; everything goes on as before then
     */
    ReloadView reload(Actor actor);

    /** Returns what is wrong with the configuration as it is on the disk; empty if nothing is known to be. */
    String configurationProblem();

    /** Returns how the monitoring itself is doing, as it was seen in the last 5 s. */
    SelfView self();

    /** Returns how the history that outlives the process is doing. */
    StoredHistoryView storedHistory();

    /** Returns who changed what. */
    ChangeHistory changes();

    /** Returns whether the service can do its work: up when every pool has at least one ready worker or is lazy. */
    HealthView health();
}
