package org.vivarium.it.support;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.http.HttpResponse;

/** Reads what REST answers. */
public final class Answer {

    private Answer() {}

    /** Returns the body of {@code answer}. */
    public static JsonValue json(HttpResponse<String> answer) {
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readValue();
        }
    }
}
