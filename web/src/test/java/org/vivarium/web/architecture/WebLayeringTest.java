package org.vivarium.web.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class WebLayeringTest {
    private static final String ROOT = "org.vivarium.web.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.vivarium.web");

    @Test
    void packages_have_no_cycle() {
        slices().matching("org.vivarium.(web..)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void resources_know_nothing_of_logins_nor_logins_of_resources() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "rest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "security..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "security..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "rest..")
                .check(MAIN);
    }

    @Test
    void failures_as_json_know_neither() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "json")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "rest..", ROOT + "security..")
                .check(MAIN);
    }

    @Test
    void a_package_is_one_concept_and_so_has_few_types() {
        assertThat(MAIN.stream()
                        .filter(each ->
                                each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
                        .collect(groupingBy(JavaClass::getPackageName, counting())))
                .isNotEmpty()
                .allSatisfy((name, types) -> assertThat(types).as(name).isLessThanOrEqualTo(12));
    }
}
