import Foundation
import OpenAI
import FoundationModels
@testable import struct WhisperKit.Segment
import Ollama
// import SwiftAnthropic
let address = URL(string: "https://api.deepl.com/v2/translate")!
let model = "mistral-small-latest"
let text = """
import SwiftOpenAI
"""
