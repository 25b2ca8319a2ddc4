package org.vivarium.core.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the parameters of the service, in groups of one level below {@code vivarium}, strictly. */
final class ServiceReader {
    static final String ROOT = "vivarium.";

    /** The names of the groups. */
    static final List<String> GROUPS = ServiceParameter.ALL.paths().stream()
            .map(path -> path.substring(0, path.indexOf('.')))
            .distinct()
            .toList();

    private static final Logger LOG = LoggerFactory.getLogger(ServiceReader.class);

    private final Map<ServiceParameter, Object> values = new EnumMap<>(ServiceParameter.class);
    private final Map<ServiceParameter, Origin> origins = new EnumMap<>(ServiceParameter.class);

    private ServiceReader() {}

    /**
     * Returns the parameters.
     *
     * @param vivarium all that is configured
     * @param saved attribute → value; what cannot be used of it is left out, which the log says
     * @throws ConfigurationException about the first mistake in what is configured
     */
    static Configured<ServiceParameter, ServiceSettings> read(
            ConfigObject vivarium, HostSize host, Map<String, Object> saved) {
        ServiceReader reader = new ServiceReader();
        reader.values.putAll(host.defaults());
        GROUPS.forEach(group -> reader.collect(group, vivarium.get(group)));
        ServiceSettings file = reader.settings(vivarium);
        Map<ServiceParameter, Object> kept =
                SavedValues.usable(saved, ServiceParameter.ALL, reader.origins, "vivarium");
        return new Configured<>(file, started(file, kept), reader.origins, Map.of());
    }

    private void collect(String group, @Nullable ConfigValue value) {
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return;
        }
        if (!(value instanceof ConfigObject members)) {
            throw ConfigError.at(value, ROOT + group, "must be a group { … }, was " + ConfigError.quoted(value));
        }
        members.forEach((key, member) -> {
            ServiceParameter parameter = parameter(group, key, member);
            if (member.valueType() != ConfigValueType.NULL) { // "= null" restores the default
                origins.put(parameter, Origin.of(member.origin()));
                if (!(parameter.followsHost() && HostSize.AUTO.equals(member.unwrapped()))) {
                    values.put(parameter, read(parameter, member));
                }
            }
        });
    }

    private static ServiceParameter parameter(String group, String key, ConfigValue value) {
        String path = group + '.' + key;
        for (ServiceParameter parameter : ServiceParameter.ALL) {
            if (parameter.path().equals(path)) {
                return parameter;
            }
        }
        List<String> known = ServiceParameter.ALL.paths().stream()
                .filter(each -> each.startsWith(group + '.'))
                .map(each -> each.substring(group.length() + 1))
                .toList();
        throw ConfigError.at(value, ROOT + path, "is not known" + Suggestion.among(known, key));
    }

    private static Object read(ServiceParameter parameter, ConfigValue value) {
        String path = ROOT + parameter.path();
        TextRule rule = parameter.allowed().text();
        if (rule == null) {
            return NumberReader.read(parameter, path, value);
        }
        String text = value instanceof ConfigList list
                ? list.stream().map(each -> String.valueOf(each.unwrapped())).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
        try {
            return rule.check().apply(text);
        } catch (IllegalArgumentException e) {
            throw ConfigError.at(value, path, "must be " + rule.words() + ": " + e.getMessage());
        }
    }

    private ServiceSettings settings(ConfigObject vivarium) {
        try {
            return ServiceSettings.DEFAULT.with(values);
        } catch (IllegalArgumentException e) { // each is in its range, so they do not fit together
            throw ConfigError.at(vivarium, "vivarium", "is inconsistent: " + e.getMessage());
        }
    }

    private static ServiceSettings started(ServiceSettings file, Map<ServiceParameter, Object> saved) {
        try {
            return file.with(saved);
        } catch (IllegalArgumentException e) {
            LOG.warn("what was saved of the parameters of the service is not used: {}", e.getMessage());
            return file;
        }
    }
}
