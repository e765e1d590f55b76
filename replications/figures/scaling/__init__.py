"""Pictures of scaling laws: valleys, how the best size grows, surfaces, and a calculator."""
