package org.vivarium.api.management;

import java.util.List;

/** Who changed what; registered as {@code vivarium:type=ChangeLog}. */
@Description("The records of all changes, each with the hash of the one before, so that edited and missing ones show.")
@AttributeOrder({"Problem", "LastChange", "Records", "HeadHash"})
public interface ChangeLogMXBean {

    @Description(
            "Why changes are refused, or what is wrong with the files, in one sentence; empty if nothing is known to be.")
    String getProblem();

    @Description("Records that were ever made.")
    @Unit("records")
    long getRecords();

    @Description("Hash of the last record, SHA-256 in hexadecimal digits; zeros before the first.")
    String getHeadHash();

    @Description("The last change in one line; empty before the first.")
    String getLastChange();

    @Description("Reads all files and returns what is wrong, each with file and line; nothing if they are whole.")
    @Impact(Impact.Kind.INFO)
    List<String> verify();

    @Description("Returns changes, the newest first; REST has them in pages and with filters.")
    @Impact(Impact.Kind.INFO)
    List<ChangeRow> changes(
            @Description("Only changes with a smaller sequence; 0 for the newest.")
                    @Unit("records")
                    @Range(minimum = 0, maximum = Long.MAX_VALUE)
                    long from,
            @Description("Most changes to return.") @Unit("records") @Range(minimum = 1, maximum = 1_000) int count);
}
