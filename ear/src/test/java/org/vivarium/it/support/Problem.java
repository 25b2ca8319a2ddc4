package org.vivarium.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;

/**
 * What REST answers when something went wrong.
 *
 * @param json the whole document
 */
public record Problem(JsonObject json) {

    /** Returns the problem that {@code answer} is, after checking that it is one of {@code status}. */
    public static Problem of(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject json = Answer.json(answer).asJsonObject();
        assertThat(json.getInt("status")).isEqualTo(status);
        return new Problem(json);
    }

    /** Returns the kind of failure, such as {@code program_error}. */
    public String category() {
        return json.getString("category");
    }

    /** Returns what exactly happened. */
    public String type() {
        return json.getString("type");
    }

    /** Returns it in one sentence. */
    public String detail() {
        return json.getString("detail");
    }

    /** Returns the member {@code name} of where and when it happened. */
    public String context(String name) {
        return json.getJsonObject("context").getString(name);
    }
}
