"""Gradle: scripts in Groovy and Kotlin, settings, version catalogs and lockfiles."""

import pytest

from scanner.manifests import Document, Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.gradle import MANIFEST as GRADLE
from scanner.manifests.kinds.gradle_catalog import MANIFEST as CATALOG
from scanner.manifests.kinds.gradle_lockfile import MANIFEST as LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles, values


def artifact(name: str, line: int, version: str = "", **more: object) -> Mention:
    given = {"is_direct": True, **more}
    return Mention(Identifier.PACKAGE, f"pkg:maven/{name}", line, version, **given)  # type: ignore[arg-type]


def test_every_notation_of_groovy() -> None:
    data = r"""dependencies {
    implementation 'dev.langchain4j:langchain4j:1.0.0'
    api "com.openai:openai-java:2.5.0" // implementation 'a:b:1'
    implementation('ai.djl:api:0.32.0') {
        exclude group: 'com.google.guava', module: 'guava'
        because 'it is: needed'
    }
    runtimeOnly group: 'ai.djl', name: 'pytorch', version: '0.32.0', classifier: 'cpu'
    compileOnly([group: 'g', name: 'map', version: '1'])
    implementation 'g:one:1', 'g:two:2',
        'g:three:3'
    implementation(
        'g:four:4',
    )
    /* implementation 'g:gone:1'
       implementation 'g:gone:2' */
    implementation platform('g:bom:1'), 'g:without'
    implementation enforcedPlatform("g:bom2:2")
    implementation project(':core'), files('libs/x.jar')
    implementation fileTree(dir: 'libs', include: ['*.jar'])
    implementation "g:jar:1:linux@zip"; testImplementation 'g:t:1'
    androidTestImplementation 'g:at:1'
    annotationProcessor 'g:ap:1'
    providedCompile 'g:pc:1'
    developmentOnly 'g:dev:1'
    custom 'g:custom:1'
    implementation gradleApi()
    constraints {
        implementation 'g:constrained:1'
    }
    if (System.getenv("GPU")) {
        implementation 'g:gpu:1'
    } else {
        implementation 'g:cpu:1'
    }
}
"""
    assert mentions(GRADLE, "build.gradle", data) == [
        artifact("dev.langchain4j/langchain4j", 2, "1.0.0"),
        artifact("com.openai/openai-java", 3, "2.5.0"),
        artifact("ai.djl/api", 4, "0.32.0"),
        artifact("ai.djl/pytorch", 8, "0.32.0"),
        artifact("g/map", 9, "1", group=Group.BUILD),
        artifact("g/one", 10, "1"),
        artifact("g/two", 10, "2"),
        artifact("g/three", 11, "3"),
        artifact("g/four", 13, "4"),
        artifact("g/bom", 17, "1", is_direct=None),
        artifact("g/without", 17),
        artifact("g/bom2", 18, "2", is_direct=None),
        artifact("g/jar", 21, "1"),
        artifact("g/t", 21, "1", group=Group.TEST),
        artifact("g/at", 22, "1", group=Group.TEST),
        artifact("g/ap", 23, "1", group=Group.BUILD),
        artifact("g/pc", 24, "1"),
        artifact("g/dev", 25, "1", group=Group.DEV),
        artifact("g/custom", 26, "1"),
        artifact("g/gpu", 32, "1"),
        artifact("g/cpu", 34, "1"),
    ]
    assert troubles(GRADLE, "build.gradle", data) == []


def test_every_notation_of_kotlin() -> None:
    data = """val djl = "0.32.0"
dependencies {
    implementation("ai.djl:api:$djl")
    implementation("ai.djl:basicdataset:${djl}")
    implementation(group = "g", name = "named", version = "1")
    implementation("g", "placed", "2")
    "customImplementation"("g:custom:1")
    add("implementation", "g:added:1")
    implementation(platform("org.springframework.ai:spring-ai-bom:1.0.0"))
    implementation(kotlin("reflect", "2.1.20"))
    implementation(project(":core"))
    testImplementation(testFixtures("g:fixed:1"))
    ksp("g:processor:1")
    implementation("g:strict") { version { strictly("[1,2[") } }
}
kotlin {
    sourceSets {
        val commonMain by getting { dependencies { implementation("g:common:1") } }
        commonTest.dependencies {
            implementation(kotlin("test"))
        }
    }
}
"""
    assert mentions(GRADLE, "build.gradle.kts", data) == [
        artifact("ai.djl/api", 3, "0.32.0"),
        artifact("ai.djl/basicdataset", 4, "0.32.0"),
        artifact("g/named", 5, "1"),
        artifact("g/placed", 6, "2"),
        artifact("g/custom", 7, "1"),
        artifact("g/added", 8, "1"),
        artifact("org.springframework.ai/spring-ai-bom", 9, "1.0.0", is_direct=None),
        artifact("org.jetbrains.kotlin/kotlin-reflect", 10, "2.1.20"),
        artifact("g/fixed", 12, "1", group=Group.TEST),
        artifact("g/processor", 13, "1", group=Group.BUILD),
        artifact("g/strict", 14),
        artifact("g/common", 18, "1"),
        artifact("org.jetbrains.kotlin/kotlin-test", 20, group=Group.TEST),
    ]


def test_plugins_and_the_project() -> None:
    data = """buildscript {
    dependencies { classpath 'com.acme:builder:1' }
}
plugins {
    id 'java'
    id 'org.springframework.boot' version '3.4.4'
    id("io.quarkus") version "3.20.0" apply false
    kotlin("jvm") version "2.1.20"
}
apply plugin: 'com.acme.rules'
group = 'com.acme'
version = '1.4.0'
description 'Talks.'
gradlePlugin { plugins { simple { id = 'not.asked.for' } } }
"""
    assert found(GRADLE, "services/chat/build.gradle", {"services/chat/build.gradle": data}) == [
        Project("chat", "1.4.0", "Talks.", is_deployable=True),
        artifact(
            "org.springframework.boot/org.springframework.boot.gradle.plugin",
            6,
            "3.4.4",
            group=Group.BUILD,
        ),
        artifact("io.quarkus/io.quarkus.gradle.plugin", 7, "3.20.0", group=Group.BUILD),
        artifact(
            "org.jetbrains.kotlin.jvm/org.jetbrains.kotlin.jvm.gradle.plugin",
            8,
            "2.1.20",
            group=Group.BUILD,
        ),
        artifact("com.acme.rules/com.acme.rules.gradle.plugin", 10, group=Group.BUILD),
        artifact("com.acme/builder", 2, "1", group=Group.BUILD),
    ]


def test_a_plugin_that_is_not_applied_does_not_make_it_run() -> None:
    data = "plugins {\n    id('org.springframework.boot') version '3' apply false\n}\n"
    assert [one.is_deployable for one in projects(GRADLE, "build.gradle", data)] == [False]


def test_versions_come_from_variables_here_and_above() -> None:
    tree = {
        "gradle.properties": "# versions\nfromProperties=3\n",
        "build.gradle": """ext {
    fromRoot = '4'
    set('bySet', '5')
}
ext.versions = [langchain: '6', other: '7']
""",
        "app/build.gradle": """def own = "1"
final String typed = '2'
ext['bracketed'] = '8'
dependencies {
    implementation "g:a:$own"
    implementation "g:b:${typed}"
    implementation "g:c:$fromProperties"
    implementation "g:d:${rootProject.ext.fromRoot}"
    implementation "g:e:$bySet"
    implementation "g:f:${versions.langchain}"
    implementation "g:g:$lost"
    implementation group: 'g', name: 'h', version: own
    implementation "g:i:" + own
}
""",
    }
    assert [(one.value, one.version) for one in found(GRADLE, "app/build.gradle", tree)[1:]] == [  # type: ignore[union-attr]
        ("pkg:maven/g/a", "1"),
        ("pkg:maven/g/b", "2"),
        ("pkg:maven/g/c", "3"),
        ("pkg:maven/g/d", "4"),
        ("pkg:maven/g/e", "5"),
        ("pkg:maven/g/f", "6"),
        ("pkg:maven/g/g", ""),
        ("pkg:maven/g/h", "1"),
        ("pkg:maven/g/i", ""),
    ]


LIBRARIES = """[versions]
langchain4j = "1.0.0"
rich = { strictly = "[1,2)", prefer = "1.5" }

[libraries]
langchain4j-open-ai = { module = "dev.langchain4j:langchain4j-open-ai", version.ref = "langchain4j" }
langchain4j_core = { group = "dev.langchain4j", name = "langchain4j-core", version = { ref = "rich" } }
bom = "org.springframework.ai:spring-ai-bom:1.0.0"
bare = { module = "g:bare" }

[bundles]
ai = ["langchain4j-open-ai", "langchain4j_core"]

[plugins]
boot = { id = "org.springframework.boot", version = "3.4.4" }
short = "com.acme.short:1.2"
"""


def test_a_catalog_offers_libraries_and_plugins() -> None:
    path = "gradle/libs.versions.toml"
    assert mentions(CATALOG, path, LIBRARIES) == [
        artifact("dev.langchain4j/langchain4j-open-ai", 6, "1.0.0", is_direct=None),
        artifact("dev.langchain4j/langchain4j-core", 7, "[1,2)", is_direct=None),
        artifact("org.springframework.ai/spring-ai-bom", 8, "1.0.0", is_direct=None),
        artifact("g/bare", 9, is_direct=None),
        artifact(
            "org.springframework.boot/org.springframework.boot.gradle.plugin",
            15,
            "3.4.4",
            is_direct=None,
            group=Group.BUILD,
        ),
        artifact(
            "com.acme.short/com.acme.short.gradle.plugin",
            16,
            "1.2",
            is_direct=None,
            group=Group.BUILD,
        ),
    ]
    assert troubles(CATALOG, path, '[libraries]\nx = 1\ny = "g"\n') == [
        Trouble("'x' names no library and no plugin", 2),
        Trouble("'y' names no library and no plugin", 3),
    ]


def test_scripts_use_the_catalog_above() -> None:
    script = """plugins { alias(libs.plugins.boot) }
dependencies {
    implementation(libs.langchain4j.open.ai)
    implementation libs.langchain4j.core
    testImplementation(libs.bundles.ai)
    implementation(platform(libs.bom))
    implementation "g:by-version:${libs.versions.langchain4j.get()}"
    implementation(libs.lost)
}
"""
    tree = {"gradle/libs.versions.toml": LIBRARIES, "apps/chat/build.gradle": script}
    openai, core = "dev.langchain4j/langchain4j-open-ai", "dev.langchain4j/langchain4j-core"
    assert found(GRADLE, "apps/chat/build.gradle", tree) == [
        Project("chat", is_deployable=True),
        artifact(
            "org.springframework.boot/org.springframework.boot.gradle.plugin",
            1,
            "3.4.4",
            group=Group.BUILD,
        ),
        artifact(openai, 3, "1.0.0"),
        artifact(core, 4, "[1,2)"),
        artifact(openai, 5, "1.0.0", group=Group.TEST),
        artifact(core, 5, "[1,2)", group=Group.TEST),
        artifact("org.springframework.ai/spring-ai-bom", 6, "1.0.0", is_direct=None),
        artifact("g/by-version", 7, "1.0.0"),
        Trouble("what implementation adds is computed: libs.lost", 8),
    ]


def test_what_is_computed_is_a_trouble() -> None:
    data = """plugins { alias(libs.plugins.lost) }; dependencies {
    implementation Deps.openai
    implementation "$group:name:1"
    ['g:a:1', 'g:b:1'].each { implementation it }
    implementation(deps["x"])
}
"""
    assert [one.line for one in troubles(GRADLE, "build.gradle", data)] == [1, 2, 3, 4, 5]
    assert values(GRADLE, "build.gradle", data) == []


def test_managed_versions_declare_nothing_but_bills_of_materials() -> None:
    data = """dependencyManagement {
    imports { mavenBom "org.springframework.ai:spring-ai-bom:1.0.0" }
    dependencies { dependency 'g:managed:1' }
}
"""
    assert mentions(GRADLE, "build.gradle", data) == [
        artifact("org.springframework.ai/spring-ai-bom", 2, "1.0.0", is_direct=None)
    ]


def test_text_that_is_no_dependency() -> None:
    data = r"""// dependencies { implementation 'g:a:1' }
def text = '''
dependencies {
    implementation 'g:b:1'
}
'''
task hello { doLast { println "implementation 'g:c:1'" } }
repositories { maven { url "https://repository.example.com/x" } }
def pattern = ~/it's/
dependencies {
    implementation 'g:real:1' // it's so
}
"""
    assert values(GRADLE, "build.gradle", data) == ["pkg:maven/g/real"]


@pytest.mark.parametrize("name", ["settings.gradle", "settings.gradle.kts"])
def test_settings_have_members(name: str) -> None:
    data = """pluginManagement {
    plugins { id("com.acme.x") version "1" }
}
rootProject.name = "assistants"
include(":chat", ":tools:eval")
include 'agent',
    'prompts'
includeBuild("../shared")
if (true) { include("extra") }
project(":agent").projectDir = file("services/agent")
// include("gone")
"""
    assert found(GRADLE, name, {name: data}) == [
        Project(
            "assistants",
            members=("chat", "tools/eval", "services/agent", "prompts", "../shared", "extra"),
            line=4,
        ),
        artifact("com.acme.x/com.acme.x.gradle.plugin", 2, "1", group=Group.BUILD),
    ]


def test_a_project_has_the_name_of_its_settings() -> None:
    tree = {
        "x/settings.gradle": "rootProject.name = 'assistants'",
        "x/build.gradle": "dependencies { }",
    }
    assert found(GRADLE, "x/build.gradle", tree) == [Project("assistants")]


@pytest.mark.parametrize(
    "data",
    [
        "{" * 100_000,
        "dependencies { implementation " + "(" * 100_000,
        "dependencies { implementation " + "[" * 50_000 + "'g:a:1'",
        'def a = "' + "${" * 200_000,
        "x = [" * 50_000,
        "/*" * 200_000,
        "'''" * 99_999,
        "}" * 100_000,
        "".join(f'a{n} = "$a{n + 1}$a{n + 1}$a{n + 1}"\n' for n in range(1000))
        + 'dependencies { implementation "g:a:$a0" }',
        "implementation " * 50_000,
        "dependencies { implementation " + ",".join(["libs.x"] * 50_000) + " }",
    ],
)
def test_hostile_scripts_end(data: str) -> None:
    try:
        list(GRADLE.read(Document("build.gradle", data.encode())))
    except Unreadable as error:
        assert str(error)


def test_a_lock_tells_versions_and_configurations() -> None:
    data = """# This is a Gradle generated file for dependency locking.
dev.langchain4j:langchain4j:1.0.0=compileClasspath,runtimeClasspath,testRuntimeClasspath
org.projectlombok:lombok:1.18.36=annotationProcessor,compileClasspath
org.junit:junit:5=testCompileClasspath,testRuntimeClasspath
empty=
=======
"""
    assert mentions(LOCK, "gradle.lockfile", data) == [
        artifact("dev.langchain4j/langchain4j", 2, "1.0.0", tie=Tie.LOCKED, is_direct=None),
        artifact(
            "org.projectlombok/lombok",
            3,
            "1.18.36",
            tie=Tie.LOCKED,
            is_direct=None,
            group=Group.BUILD,
        ),
        artifact("org.junit/junit", 4, "5", tie=Tie.LOCKED, is_direct=None, group=Group.TEST),
    ]
    assert troubles(LOCK, "gradle.lockfile", data) == [Trouble("no locked module", 6)]


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("gradle/dependency-locks/runtimeClasspath.lockfile", Group.RUNTIME),
        ("gradle/dependency-locks/testRuntimeClasspath.lockfile", Group.TEST),
        ("buildscript-gradle.lockfile", Group.BUILD),
    ],
)
def test_a_lock_for_one_configuration(path: str, group: Group) -> None:
    assert [one.group for one in mentions(LOCK, path, "g:a:1\n")] == [group]


def test_a_lock_that_people_have_edited() -> None:
    data = """>>> ours
 dev.langchain4j:langchain4j:1.0.0=testRuntimeClasspath, runtimeClasspath
 # com.openai:openai-java:1.0.0=runtimeClasspath
"""
    assert mentions(LOCK, "gradle.lockfile", data) == [
        artifact("dev.langchain4j/langchain4j", 2, "1.0.0", tie=Tie.LOCKED, is_direct=None)
    ]
    assert troubles(LOCK, "gradle.lockfile", data) == [Trouble("no locked module", 1)]


_LOCKED = """com.openai:openai-java:1.0.0=runtimeClasspath
com.knuddels:jtokkit:1.1.0=runtimeClasspath
"""


@pytest.mark.parametrize(
    ("beside", "direct"),
    [
        ({}, [None, None]),
        ({"chat/build.gradle": "dependencies { implementation 'com.openai:openai-java:1.0.0' }"}, [True, False]),
        ({"chat/build.gradle": "dependencies { implementation 'com.openai:openai-java:1.0.0'\nimplementation pick() }"}, [True, None]),
        ({"chat/build.gradle.kts": "plugins { application }"}, [None, None]),  # nothing is asked for here
        ({"build.gradle.kts": "subprojects { dependencies { \"api\"(\"com.knuddels:jtokkit:1.1.0\") } }",
          "chat/build.gradle.kts": "dependencies { implementation(\"com.openai:openai-java:1.0.0\") }"}, [True, True]),
        ({"buildSrc/src/main/kotlin/harbour.app.gradle.kts": "dependencies { implementation(\"com.openai:openai-java:1.0.0\") }",
          "chat/build.gradle.kts": "plugins { id(\"harbour.app\") }"}, [True, False]),
        ({"chat/build.gradle": "not { closed"}, [None, None]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["gradle.lockfile", "gradle/dependency-locks/runtimeClasspath.lockfile"]
)
def test_scripts_tell_what_is_direct(
    path: str, beside: dict[str, str], direct: list[bool | None]
) -> None:
    lock = _LOCKED if path == "gradle.lockfile" else _LOCKED.replace("=runtimeClasspath", "")
    found = mentions(LOCK, f"chat/{path}", lock, **beside)
    assert [one.is_direct for one in found] == direct
