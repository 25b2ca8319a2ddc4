package org.vivarium.adapter.jmx.pool;

import java.util.List;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.api.management.ObjectiveRow;
import org.vivarium.api.management.ObjectivesMXBean;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.api.view.objectives.ObjectivesView;

/** Shows the objectives of one pool. */
public final class ObjectivesBean implements ObjectivesMXBean {
    private final Cached<PoolPicture> picture;

    public ObjectivesBean(Cached<PoolPicture> picture) {
        this.picture = picture;
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
}
