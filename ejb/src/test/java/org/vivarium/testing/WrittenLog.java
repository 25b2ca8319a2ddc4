package org.vivarium.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What some loggers write to {@code vivarium.log}, by the appender and the pattern of the real configuration. */
public final class WrittenLog implements AutoCloseable {
    private static final Path CONFIGURATION =
            Path.of(System.getProperty("vivarium.root"), "ear/src/main/logging/logback.xml");

    private final LoggerContext context = new LoggerContext();
    private final Path file;
    private final Appender<ILoggingEvent> appender;
    private final List<Logger> loggers;

    /** Writes below {@code directory} what the loggers of these names get, of level {@code level} and above. */
    public WrittenLog(Path directory, Level level, String... names) throws JoranException {
        this.file = directory.resolve("vivarium.log");
        context.putProperty("vivarium.log.dir", directory.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(CONFIGURATION.toFile());
        this.appender = context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("file");
        this.loggers = List.of(names).stream()
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
        loggers.forEach(logger -> {
            logger.setLevel(level);
            logger.setAdditive(false);
            logger.addAppender(appender);
        });
    }

    /** Returns the lines that are in the file now. */
    public List<String> lines() {
        try {
            return Files.readString(file, UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        loggers.forEach(logger -> {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        });
        context.stop();
    }
}
