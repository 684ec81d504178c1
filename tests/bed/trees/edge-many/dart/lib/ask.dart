import 'package:dart_openai/dart_openai.dart';
import 'package:http/http.dart' as http;
// import 'package:langchain/langchain.dart';
const key = String.fromEnvironment('OPENAI_API_KEY');
final answer = http.get(Uri.parse('https://api.deepl.com/v2/translate'));
const text = '''
import 'package:langchain_openai/langchain_openai.dart';
''';
