// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Tides",
    dependencies: [
        .package(url: "https://github.com/MacPaw/OpenAI.git", from: "0.2.4"),
        // .package(url: "https://github.com/jamesrochabrun/SwiftAnthropic", from: "2.0.0"),
    ],
    targets: [.executableTarget(name: "tides", dependencies: ["OpenAI"])]
)
