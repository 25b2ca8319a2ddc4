package org.vivarium.core.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.protocol.Fields;
import org.vivarium.core.protocol.ProtocolException;

/** The list of programs in READY and LOADED. */
public final class Programs {
    private Programs() {}

    /** Reads the list from the body of a frame. */
    public static List<ProgramView> of(Map<String, Object> message) throws ProtocolException {
        Fields fields = new Fields("the worker's answer", message);
        List<ProgramView> programs = new ArrayList<>();
        for (Object program : fields.list("programs")) {
            programs.add(program(fields.element("a program", program)));
        }
        return List.copyOf(programs);
    }

    private static ProgramView program(Fields fields) throws ProtocolException {
        List<ProgramView.Parameter> parameters = new ArrayList<>();
        for (Object parameter : fields.list("parameters")) {
            parameters.add(parameter(fields.element("a parameter", parameter)));
        }
        return new ProgramView(
                fields.text("name"),
                fields.map().get("doc") instanceof String doc ? doc : "",
                List.copyOf(parameters),
                String.valueOf(fields.map().get("returns")),
                Boolean.TRUE.equals(fields.map().get("idempotent")),
                fields.optionalInteger("timeout_millis"),
                String.valueOf(fields.map().get("kind")));
    }

    private static ProgramView.Parameter parameter(Fields fields) throws ProtocolException {
        return new ProgramView.Parameter(
                fields.text("name"),
                String.valueOf(fields.map().get("type")),
                Boolean.TRUE.equals(fields.map().get("required")));
    }
}
