package org.vivarium.adapter.jmx;

import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.api.management.HistoryMXBean;
import org.vivarium.api.view.StoredHistoryView;

/** Shows the history that outlives the process. */
record HistoryBean(Cached<StoredHistoryView> view) implements HistoryMXBean {
    @Override
    public String getProblem() {
        return view.get().problem();
    }

    @Override
    public long getLost() {
        return view.get().lost();
    }

    @Override
    public long getFailures() {
        return view.get().failures();
    }

    @Override
    public int getWaiting() {
        return view.get().waiting();
    }

    @Override
    public long getWritten() {
        return view.get().written();
    }
}
