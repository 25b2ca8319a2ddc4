package org.vivarium.core.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.protocol.ProtocolException;

/** The list of programs in READY and LOADED. */
final class Programs {
    private Programs() {}

    static List<ProgramView> of(Map<String, Object> message) throws ProtocolException {
        try {
            List<ProgramView> programs = new ArrayList<>();
            for (Object program : (List<?>) message.get("programs")) {
                programs.add(program((Map<?, ?>) program));
            }
            return List.copyOf(programs);
        } catch (ClassCastException | NullPointerException e) {
            throw new ProtocolException("the list of programs lacks a field or has one of the wrong type", e);
        }
    }

    private static ProgramView program(Map<?, ?> map) {
        List<ProgramView.Parameter> parameters = ((List<?>) map.get("parameters"))
                .stream().map(each -> parameter((Map<?, ?>) each)).toList();
        Number timeout = (Number) map.get("timeout_millis");
        return new ProgramView(
                (String) map.get("name"),
                map.get("doc") instanceof String doc ? doc : "",
                parameters,
                String.valueOf(map.get("returns")),
                Boolean.TRUE.equals(map.get("idempotent")),
                timeout == null ? null : timeout.longValue(),
                String.valueOf(map.get("kind")));
    }

    private static ProgramView.Parameter parameter(Map<?, ?> map) {
        return new ProgramView.Parameter(
                (String) map.get("name"), String.valueOf(map.get("type")), Boolean.TRUE.equals(map.get("required")));
    }
}
