"""Maven: pom.xml."""

import pytest

from scanner.manifests import Document, Group, Mention, Project, Unreadable
from scanner.manifests.kinds.pom_xml import MANIFEST as POM
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles


def artifact(name: str, line: int, version: str = "", **more: object) -> Mention:
    given = {"is_direct": True, **more}
    return Mention(Identifier.PACKAGE, f"pkg:maven/{name}", line, version, **given)  # type: ignore[arg-type]


def dependency(name: str, *more: str) -> str:
    """Return a dependency in one line, with more elements as ``tag=text``."""
    group, _, artifact_id = name.partition("/")
    rest = "".join("<{0}>{2}</{0}>".format(*one.partition("=")) for one in more)
    return f"<dependency><groupId>{group}</groupId><artifactId>{artifact_id}</artifactId>{rest}</dependency>"


def test_scopes_properties_and_the_project_itself() -> None:
    data = f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>com.acme</groupId>
  <artifactId>chat</artifactId>
  <version>${{revision}}</version>
  <packaging>war</packaging>
  <description>Talks
    to people.</description>
  <developers><developer><name>Ana</name><email>ana@example.com</email></developer></developers>
  <properties><revision>1.4.0</revision><lc4j>1.0.${{patch}}</lc4j><patch>1</patch></properties>
  <dependencies>
    {dependency("dev.langchain4j/langchain4j-open-ai", "version=${lc4j}")}
    {dependency("${project.groupId}/prompts", "version=${project.version}")}
    <!-- {dependency("com.theokanning.openai-gpt3-java/service", "version=0.18.2")} -->
    {dependency("org.junit.jupiter/junit-jupiter", "version=5.12.1", "scope=test")}
    {dependency("org.apache.spark/spark-mllib_2.13", "version=[3.5,4)", "scope=provided")}
    {dependency("ai.djl/api", "version=${elsewhere}", "optional=true")}
    {dependency("${lost}/x")}
  </dependencies>
</project>"""
    assert found(POM, "pom.xml", {"pom.xml": data})[:-1] == [
        Project(
            "chat",
            "1.4.0",
            "Talks to people.",
            ("Ana <ana@example.com>",),
            is_deployable=True,
            line=4,
        ),
        artifact("dev.langchain4j/langchain4j-open-ai", 12, "1.0.1"),
        artifact("com.acme/prompts", 13, "1.4.0"),
        artifact("org.junit.jupiter/junit-jupiter", 15, "5.12.1", group=Group.TEST),
        artifact("org.apache.spark/spark-mllib_2.13", 16, "[3.5,4)"),
        artifact("ai.djl/api", 17, group=Group.OPTIONAL),
    ]
    assert [one.line for one in troubles(POM, "pom.xml", data)] == [18]


PARENT = f"""<project>
<groupId>com.acme</groupId><artifactId>parent</artifactId><version>3.0.0</version>
<packaging>pom</packaging>
<modules><module>chat</module><module>tools\\eval</module><module>x/pom-x.xml</module></modules>
<properties><spring.ai>1.0.0</spring.ai></properties>
<dependencyManagement><dependencies>
{dependency("org.springframework.ai/spring-ai-bom", "version=${spring.ai}", "type=pom", "scope=import")}
{dependency("com.openai/openai-java", "version=2.5.0")}
{dependency("${project.groupId}/fakes", "version=1.1.0", "scope=test")}
</dependencies></dependencyManagement>
<profiles><profile><modules><module>nightly</module></modules></profile></profiles>
</project>"""


def child(parent: str, *dependencies: str) -> str:
    return f"""<project>
<parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>3.0.0</version>{parent}</parent>
<artifactId>chat</artifactId>
<dependencies>{"".join(dependencies)}</dependencies></project>"""


def test_management_declares_nothing_but_bills_of_materials() -> None:
    assert found(POM, "pom.xml", {"pom.xml": PARENT}) == [
        Project("parent", "3.0.0", members=("chat", "tools/eval", "x", "nightly"), line=2),
        artifact("org.springframework.ai/spring-ai-bom", 7, "1.0.0", is_direct=None),
    ]


@pytest.mark.parametrize(
    ("path", "relative"),
    [
        ("chat/pom.xml", ""),
        ("chat/pom.xml", "<relativePath>../pom.xml</relativePath>"),
        ("a/b/pom.xml", "<relativePath>../..</relativePath>"),
    ],
)
def test_versions_and_scopes_come_from_a_parent_in_the_tree(path: str, relative: str) -> None:
    taken = [
        dependency("com.openai/openai-java"),
        dependency("com.acme/fakes"),
        dependency("x/y", "version=${spring.ai}"),
    ]
    tree = {"pom.xml": PARENT, path: child(relative, *taken)}
    assert found(POM, path, tree) == [
        Project("chat", "3.0.0", line=3),
        artifact("com.openai/openai-java", 4, "2.5.0"),
        artifact("com.acme/fakes", 4, "1.1.0", group=Group.TEST),
        artifact("x/y", 4, "1.0.0"),
    ]


@pytest.mark.parametrize(
    ("root", "relative"),
    [(PARENT, "<relativePath/>"), (PARENT.replace(">parent<", ">other<"), ""), ("<project", "")],
)
def test_a_parent_from_elsewhere_serves_the_build(root: str, relative: str) -> None:
    tree = {"pom.xml": root, "chat/pom.xml": child(relative, dependency("com.openai/openai-java"))}
    assert found(POM, "chat/pom.xml", tree)[1:] == [
        artifact("com.acme/parent", 2, "3.0.0", group=Group.BUILD),
        artifact("com.openai/openai-java", 4),
    ]


def test_plugins_extensions_and_profiles() -> None:
    data = f"""<project><artifactId>a</artifactId>
<build>
<pluginManagement><plugins><plugin><artifactId>maven-jar-plugin</artifactId><version>3.4.2</version></plugin></plugins></pluginManagement>
<plugins>
<plugin><artifactId>maven-jar-plugin</artifactId></plugin>
<plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>
<dependencies>{dependency("com.acme/rules", "version=1")}</dependencies></plugin>
</plugins>
<extensions><extension><groupId>kr.motd.maven</groupId><artifactId>os</artifactId><version>1.7</version></extension></extensions>
</build>
<profiles><profile><id>gpu</id><properties><onnx>1.21.0</onnx></properties>
<dependencies>{dependency("com.microsoft.onnxruntime/onnxruntime_gpu", "version=${onnx}")}</dependencies></profile></profiles>
</project>"""
    maven = "org.apache.maven.plugins/maven-jar-plugin"
    assert mentions(POM, "pom.xml", data) == [
        artifact(maven, 5, "3.4.2", group=Group.BUILD),
        artifact("org.springframework.boot/spring-boot-maven-plugin", 6, group=Group.BUILD),
        artifact("com.acme/rules", 7, "1", group=Group.BUILD),
        artifact("kr.motd.maven/os", 9, "1.7", group=Group.BUILD),
        artifact("com.microsoft.onnxruntime/onnxruntime_gpu", 12, "1.21.0"),
    ]
    assert projects(POM, "pom.xml", data) == [Project("a", is_deployable=True)]


def test_exclusions_and_configuration_name_nothing() -> None:
    data = """<project><artifactId>a</artifactId><dependencies><dependency>
<groupId>g</groupId><artifactId>b</artifactId><version>1</version>
<exclusions><exclusion><groupId>dev.langchain4j</groupId><artifactId>langchain4j</artifactId></exclusion></exclusions>
</dependency></dependencies></project>"""
    assert mentions(POM, "pom.xml", data) == [artifact("g/b", 2, "1")]


def test_properties_and_parents_that_lead_back_to_themselves_end() -> None:
    grown = "".join(f"<p{n}>${{p{n + 1}}}${{p{n + 1}}}</p{n}>" for n in range(60))
    data = f"""<project><artifactId>a</artifactId>
<parent><groupId>g</groupId><artifactId>a</artifactId><relativePath>pom.xml</relativePath></parent>
<properties><x>${{y}}</x><y>${{x}}</y>{grown}</properties>
<dependencies>{dependency("g/b", "version=${x}")}{dependency("g/c", "version=${p0}")}</dependencies>
</project>"""
    assert mentions(POM, "pom.xml", data) == [artifact("g/b", 4), artifact("g/c", 4)]


def test_other_xml_is_no_project() -> None:
    for bad in (b"<settings/>", b'<?xml version="1.0" encoding="rot13"?><project/>'):
        with pytest.raises(Unreadable):
            list(POM.read(Document("pom.xml", bad)))
