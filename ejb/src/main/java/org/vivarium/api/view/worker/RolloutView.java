package org.vivarium.api.view.worker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * The last rolling restart of a pool, or the one that goes on.
 *
 * @param state {@code NONE} (there was none), {@code PROVING} (the first worker of the new generation starts and is
 *     checked, and takes no calls yet), {@code REPLACING} (old workers go, one after the other), {@code DONE},
 *     {@code ROLLING_BACK} or {@code ROLLED_BACK} (the old generation serves on; {@code problem} says why)
 * @param generation the generation that it brings; 0 if there was none
 * @param by who asked for it; {@code null} if there was none
 * @param replaced workers of the old generation that have gone
 * @param remaining workers of the generation that is to go which are still there
 * @param problem why the new generation was given up, in one sentence; {@code null} if it was not
 * @param remark what an operator should know although it goes on, such as programs that the new generation lacks;
 *     {@code null} if there is nothing
 */
public record RolloutView(
        @OneOf({"NONE", "PROVING", "REPLACING", "DONE", "ROLLING_BACK", "ROLLED_BACK"})
        String state,

        int generation,
        @Nullable String by,
        int replaced,
        int remaining,
        @Nullable String problem,
        @Nullable String remark,
        @Nullable Instant began,
        @Nullable Instant ended) {
    /** No rolling restart yet. */
    public static final RolloutView NONE = new RolloutView("NONE", 0, null, 0, 0, null, null, null, null);

    /** Returns whether it goes on. */
    public boolean running() {
        return state.equals("PROVING") || state.equals("REPLACING") || state.equals("ROLLING_BACK");
    }
}
