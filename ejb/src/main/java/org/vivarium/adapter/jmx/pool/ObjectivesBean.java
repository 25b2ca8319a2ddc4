package org.vivarium.adapter.jmx.pool;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.ObjectiveRow;
import org.vivarium.api.management.ObjectivesMXBean;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.core.config.ObjectiveStore;

/** Shows the objectives of one pool, and saves and reverts their targets. */
public final class ObjectivesBean implements ObjectivesMXBean {
    private final Cached<PoolPicture> picture;
    private final ObjectiveStore store;
    private final JmxCaller caller;

    public ObjectivesBean(Cached<PoolPicture> picture, ObjectiveStore store, JmxCaller caller) {
        this.picture = picture;
        this.store = store;
        this.caller = caller;
    }

    private ObjectivesView view() {
        return picture.get().objectives();
    }

    @Override
    public List<ObjectiveRow> getObjectives() {
        return view().targets().stream().map(ObjectivesBean::row).toList();
    }

    private static ObjectiveRow row(ObjectiveView kept) {
        return new ObjectiveRow(
                kept.objective(),
                kept.indicator(),
                kept.level().name(),
                kept.target(),
                kept.quantile(),
                kept.value(),
                kept.used(),
                kept.samples(),
                kept.budgetLeft(),
                kept.burnRate5m(),
                kept.burnRate1h());
    }

    @Override
    public int getWorstLevel() {
        return view().worst().level().number();
    }

    @Override
    public double getBudgetLeft() {
        return view().worst().budgetLeft();
    }

    @Override
    public double getBurnRate5m() {
        return view().worst().burnRate5m();
    }

    @Override
    public double getBurnRate1h() {
        return view().worst().burnRate1h();
    }

    @Override
    public String save(@Nullable String targets, @Nullable String reason) {
        return lines(store.save(names(targets), caller.actor().because(reason)));
    }

    @Override
    public String revert(@Nullable String targets, @Nullable String reason) {
        String made = lines(store.revert(names(targets), caller.actor().because(reason)));
        picture.forget();
        return made;
    }

    @Override
    public String differences() {
        return lines(store.differences());
    }

    private static List<String> names(@Nullable String targets) {
        return Arrays.stream(Objects.requireNonNullElse(targets, "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String lines(List<ParameterChange> changes) {
        return changes.isEmpty()
                ? "nothing"
                : changes.stream().map(ParameterChange::toString).collect(Collectors.joining("\n"));
    }
}
